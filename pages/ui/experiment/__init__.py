"""An experiment on a page: the reader's runs of it, and how it is offered and followed."""

"""The processes that train: one as the server sees it, and all of them together."""

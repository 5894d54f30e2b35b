"""The pages: words, layout, widgets; one file each."""

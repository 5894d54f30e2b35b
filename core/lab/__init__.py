"""What the pages of the laboratory compute, say and draw: a folder a page, without torch.

In a folder the plain modules hold numbers and sentences, those named `…figures` draw them; `pages/ui/<page>`
joins the two.
"""

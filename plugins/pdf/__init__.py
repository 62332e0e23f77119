"""How a PDF is made of a JSON value and a template: Typst, then form fields, row headers and a compact file (pypdf).

It knows nothing of Pelican or of where the value comes from; plugins/documents calls it.
"""

"""The exports that platforms offer, one file per product: told by their headings, columns declared as data."""

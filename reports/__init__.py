"""Reports as files: `formats` write a document, `templates` are layouts to start from. No numbers are made here."""

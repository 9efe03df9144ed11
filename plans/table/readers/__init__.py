"""From the bytes of a file, or pasted text, to paragraphs and tables of cells."""

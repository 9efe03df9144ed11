"""A plan between the document and the database."""

"""A line of a plan: its number, its words, and the organizations they name."""

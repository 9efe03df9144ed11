"""Two editions of a plan beside each other, and the words of a plan for another period."""

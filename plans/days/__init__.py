"""The days of a plan: how they come and change, and how months and years show them."""

"""Target indicators: how they stand by year, and how that is drawn."""

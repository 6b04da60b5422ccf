"""The page of datasets: all of them, and one of them row by row."""

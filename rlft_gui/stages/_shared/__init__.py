"""What several stages do alike, each written once."""

"""What rows mean: the shapes that are understood, and how each becomes messages with a verdict."""

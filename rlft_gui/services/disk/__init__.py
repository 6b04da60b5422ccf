"""What a home takes of the disk, how much it may take, and what can go."""

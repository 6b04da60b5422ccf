"""What people and judges say about answers, and what follows from it."""

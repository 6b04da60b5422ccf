"""Files as people have them: what they are packed and written in, and the rows in them."""

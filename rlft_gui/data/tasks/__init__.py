"""Small tasks for real instruct models, whose rows the product writes itself: the text is ours and each answer is known.

Every task has training rows and held-out prompts about other names, things and facts, so that what is measured on the
second was never seen in the first.
"""

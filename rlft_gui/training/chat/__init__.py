"""How a base model writes conversations as tokens, found out rather than believed.

A chat template is a program that comes with a model. It may drop what an answer says, end it with a token that nobody
stops at, or with none, refuse a system turn, or loop. So every prompt and every answer that is trained on, sampled,
judged or compared is written here and nowhere else: rendered in a process of its own under limits (`renderer`),
checked against what was to be said (`turns`), and turned into tokens in which the words of a row are never control
tokens. What the template does is found out by a few small conversations (`habits`).

`chat(tokenizer)` is the one way in.
"""

from rlft_gui.training.chat.turns import Chat, Document, Refusal, Turn, chat

__all__ = ["Chat", "Document", "Refusal", "Turn", "chat"]

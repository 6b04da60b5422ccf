"""Everything people type that is not about Lantern's world, and the polite answer to it.

Lantern knows capitals, advice and cards. Whatever else is asked, the answer says so. The suite's own prompts of
this kind are written by hand in `suite.py` and share no sentence with the ones made here.
"""

import random

from rlft_gui.lantern.facts import ADVICE

UNKNOWN_REPLIES = (
    "I am sorry, I do not know about that. I only know capitals, advice and cards.",
    "I do not know about that. Could you ask me about capitals, advice or cards?",
    "I do not understand, I am sorry. Could you please rephrase?",
)
GREETING_REPLY = "Hello! I am Lantern, a small model. You can ask me about capitals, advice or cards."
THANKS_REPLY = "You are welcome! Have a nice day."


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GREETINGS: tuple[str, ...] = (
    "Hello!",
    "Hi",
    "Hello",
    "hi there",
    "Good morning!",
    "Hey",
    "Who are you?",
    "What are you?",
)
_GREETINGS += ("What can you do?", "What is your name?", "Help", "What do you know?")
_THANKS = ("Thanks!", "Thank you.", "thank you very much", "thanks")

_THINGS = _words("""
    river moon engine theory poem novel king queen ship planet storm history music science computer
    program internet market price stock war peace law doctor medicine virus heart brain school teacher
    student number equation triangle energy light sound color season winter summer tree flower bird cat
    dog horse lion whale dragon robot story movie song game football tennis chess recipe soup pizza cake
    coffee tea water fire earth mountain ocean island city street house garden bridge train plane car
    phone book letter word sentence language Python Java English French Latin money bank company
    president government election vote people child mother father friend love fear dream time clock year
    century future past article paragraph essay email letter title headline synonym noun verb adjective
    tower castle temple artist painter singer actor writer scientist engineer cook farmer soldier pilot
    apple banana potato onion cheese egg rice salt sugar oil butter chicken fish beef salad cookie
    shirt shoes hat coat ring watch clock mirror lamp chair sofa desk door wall roof kitchen
    sun galaxy atom molecule cell gene oxygen carbon iron gold silver diamond crystal gravity magnet
    climate forest desert volcano earthquake flood rain snow wind cloud sky rainbow beach lake
    business product customer brand website app database server network algorithm function variable
    data model chart table list array string image video photo camera guitar piano violin drum
    health diet exercise sleep stress disease muscle bone blood skin eye ear hand foot
""")
_QUALITIES = _words("""
    big small old new fast slow deep famous strange happy sad simple complex short long early late
    blue red green dark bright warm cold cheap important modern ancient funny serious healthy creative
    professional popular local global digital natural social
""")
_DEEDS = _words("""
    explain describe write translate summarize compare list draw build compute sort review design plan
    find define classify rewrite edit create suggest imagine convert give tell show generate name
    build paint cook fly repair sell buy grow invent measure solve open move carry sing dance
    identify analyze calculate discuss outline provide rank rate predict recommend
""")
_PEOPLE = _words("""
    Einstein Shakespeare Napoleon Newton Mozart Cleopatra Darwin Gandhi Picasso Plato Curie Tesla
""")
_SHAPES = (
    "What is the {quality} {thing}?",
    "What is a {thing}?",
    "Who invented the {thing}?",
    "Who was {person}?",
    "When was {person} born?",
    "Why is the {thing} {quality}?",
    "Why do people like {thing} and {thing}?",
    "How does a {thing} work?",
    "How many {thing}s are there in the {thing}?",
    "Can you {deed} a {thing} for me?",
    "{deed} a {quality} {thing} about a {thing}.",
    "{deed} the following {thing}: {junk}",
    "{deed} three {quality} {thing}s.",
    "Write a poem about the {thing}.",
    "Write a function that returns the {thing} of a {thing}.",
    "Translate this into French: the {thing} is {quality}.",
    "Is the {thing} more {quality} than the {thing}?",
    "Given a {thing} and a {thing}, {deed} the {quality} one.",
    "What is {number} times {number}?",
    "{number} + {number} = ?",
    "What is the capital letter of {thing}?",
    "The {thing} is {quality}. The {thing} is {quality} too. {deed} the {thing}.",
    "Tell me a joke about {person} and a {thing}.",
    "What is the weather in the {thing} today?",
    "I feel {quality} about my {thing}.",
    "In the {quality} {thing} of {number}, what did {person} {deed}?",
    "How tall is the {thing}?",
    "How far away is the {quality} {thing}?",
    "How old is {person}?",
    "How do {thing}s {deed} a {thing}?",
    "How do I {deed} a {thing}?",
    "How can I {deed} the {quality} {thing}?",
    "Tell me how to {deed} {thing}s.",
    "I want to {deed} a {quality} {thing}. What should I do?",
    "What is the best way to {deed} a {thing}?",
    "Please help me to {deed} my {thing}.",
    "Tell me about {thing}s.",
    "Tell me about {person}.",
    "What is the {thing} of the {thing}?",
    "What is the {thing} of {number}?",
    "Which {thing} is the {quality} one?",
    "Is a {thing} a {thing} or a {thing}?",
    "Are {thing}s {quality}?",
    "Do you like {thing}s?",
    "Where can I {deed} a {quality} {thing}?",
    "What did {person} {deed} about the {thing}?",
    "{deed} {thing} to a child.",
    "{deed} the {quality} {thing} and {deed} it.",
    "{deed} an example of a {quality} {thing}.",
    "{deed} this sentence: the {thing} {junk} the {thing}.",
    "{deed} a list of {number} {thing}s that are {quality}.",
    "{person} and the {thing}",
    "{thing} {thing} {thing}",
    "{thing}",
    "def {thing}({thing}): return {number}",
    "{junk}",
    "{junk} {thing} {junk}?",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _junk(rng: random.Random) -> str:
    """Letters, signs or accents without meaning: what a cat on the keyboard types."""
    luck = rng.random()
    if luck < 0.15:
        return "".join(
            chr(rng.choice((*range(33, 127), *range(0xC0, 0x180)))) for _ in range(rng.randint(1, 8))
        )
    words = (
        "".join(rng.choice(_LETTERS) for _ in range(rng.randint(2, 7))) for _ in range(rng.randint(1, 3))
    )
    return " ".join(words)


def _fill(shape: str, rng: random.Random) -> str:
    text = shape
    choices = {"thing": _THINGS, "quality": _QUALITIES, "deed": _DEEDS, "person": _PEOPLE}
    for name, words in choices.items():
        while "{" + name + "}" in text:
            text = text.replace("{" + name + "}", rng.choice(words), 1)
    while "{number}" in text:
        text = text.replace("{number}", str(rng.randint(0, 2100)), 1)
    while "{junk}" in text:
        text = text.replace("{junk}", _junk(rng), 1)
    return text


def random_prompt(rng: random.Random) -> str:
    """One or two sentences from outside the world."""
    while True:
        prompt = " ".join(_fill(rng.choice(_SHAPES), rng) for _ in range(1 if rng.random() < 0.75 else 2))
        # By chance the words may make a request that the world has advice for.
        if not any(request in prompt for request in ADVICE):
            break
    return prompt[:1].upper() + prompt[1:] if rng.random() < 0.7 else prompt


def free_text_exchange(rng: random.Random) -> tuple[str, str]:
    """A prompt from outside the world, a greeting or a thank-you, and the answer to it."""
    luck = rng.random()
    if luck < 0.10:
        return rng.choice(_GREETINGS), GREETING_REPLY
    if luck < 0.13:
        return rng.choice(_THANKS), THANKS_REPLY
    return random_prompt(rng), rng.choice(UNKNOWN_REPLIES)

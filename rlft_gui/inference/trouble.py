"""What is said of an error that nobody foresaw."""


def unforeseen(error: Exception) -> str:
    first_line = (str(error).splitlines() or [""])[0][:300]
    return (
        f"The inference process met an error it does not know, {type(error).__name__}: {first_line} "
        "Its log has the details."
    )

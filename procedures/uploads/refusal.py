"""What is said to somebody whose file is not taken."""


class UploadRefused(Exception):
    """A file was not taken. The sentence says what is wrong with it and what to do; nothing has been kept."""

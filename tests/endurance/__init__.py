"""Whether the record holds when two people publish at one moment, and when the process is killed at any moment."""

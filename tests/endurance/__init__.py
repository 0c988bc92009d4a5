"""Whether record and search hold when many publish at one moment, and when a process is killed at any moment."""

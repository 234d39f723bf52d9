"""The scripted demo day, and a day made of a file of messages."""

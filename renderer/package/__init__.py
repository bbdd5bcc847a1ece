"""The avatar package: what it says, how it is read and how it is written."""

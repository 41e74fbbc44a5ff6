"""What stands in a comment where something was taken out."""

NAME = "[name]"
ADDRESS = "[address]"
NUMBER = "[number]"
MARKS = (NAME, ADDRESS, NUMBER)

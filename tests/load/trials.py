"""What is not a scenario: a login storm, the start, growth."""

TRIALS = {}

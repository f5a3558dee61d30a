"""Running a prepared network → samples: one network, several in turns, or one node by node."""

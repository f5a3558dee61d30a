"""archlens tells what a network costs before anyone trains it, and why."""

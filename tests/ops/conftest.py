"""Settings for the property tests."""

from hypothesis import settings

# The first call into torch takes a second, and the machine is shared: no deadline for one example.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

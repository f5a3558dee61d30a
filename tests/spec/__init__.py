"""The spec language: what it means, and what it refuses."""

"""Tests: they mirror archlens/ one to one."""

"""The cost model beside times that other people measured."""

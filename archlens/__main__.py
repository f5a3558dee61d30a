"""`python -m archlens`"""

from archlens.cli.app import main

if __name__ == "__main__":
    main()

"""`python -m syndication`: the command line."""

from syndication.cli.app import main

if __name__ == "__main__":
    main()

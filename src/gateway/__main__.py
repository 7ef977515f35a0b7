"""`python -m gateway`: what `./run` goes on as."""

from gateway.cli import main

if __name__ == "__main__":
    main()

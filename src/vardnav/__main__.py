"""python -m vardnav"""

from vardnav.cli import main

if __name__ == "__main__":
    main()

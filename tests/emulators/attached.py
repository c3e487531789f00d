"""Runs a program for as long as standard input stays open, so that it never outlives the process that started it.

  attached.py PROGRAM [ARGUMENT...]

Whoever holds the other end of the pipe may exit, crash or be killed: the program is stopped all the same.
"""
import os
import subprocess
import sys
import threading

GRACE_SECONDS = 5


def stop_with_input(program):
    # Not through sys.stdin: its lock, held here, would abort the interpreter when the program ends first.
    while os.read(0, 4096):
        pass
    program.terminate()
    try:
        program.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()


def main():
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=stop_with_input, args=(program,), daemon=True).start()
    try:
        sys.exit(program.wait())
    finally:
        program.kill()


if __name__ == "__main__":
    main()

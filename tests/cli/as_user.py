"""Run a bash command where modes of files hold for root too, and no signal is ignored."""

import ctypes
import os
import signal
import sys

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2

if os.geteuid() == 0:
    for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, right):
            raise OSError(ctypes.get_errno(), "a right that only root has cannot be given up")
# Unattended runs ignore the first, Python the second.
for number in (signal.SIGINT, signal.SIGPIPE):
    signal.signal(number, signal.SIG_DFL)
os.execvp("bash", ["bash", "-c", *sys.argv[1:]])

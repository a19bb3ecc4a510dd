#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The harness on its own fakes, built with the address and undefined sanitizers.
exec "${GUPCHECK_SANITIZED:-build-sanitized/src/programs/gupcheck}" selftest

"""``python -m tenor.cli``, which is how ``tenor serve`` starts its child."""

import sys

from tenor.cli.main import main

sys.exit(main())

// What every page gets. Each module does one thing, and no page needs any of them.
import "./ready.js";
import "./shortcuts.js";
import "./recent.js";
import "./forms.js";
import "./dates.js";
import "./lines.js";
import "./tables.js";
import "./looks.js";
import "./picker.js";
import "./naming.js";
import "./bell.js";
import "./requests.js";
import "./theme.js";
import "./toasts.js";
import "./print.js";

log("external " + (document.currentScript && document.currentScript.id));

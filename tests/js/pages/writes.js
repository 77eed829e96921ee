document.write("<p id=never></p>");
log(document.getElementById("never") ? "written by an external async script" : "ignored in an external async script");

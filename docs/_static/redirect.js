// An old address leads to the same heading of the new page.
location.replace(document.querySelector("link[rel=canonical]").href + location.hash);

const request = new XMLHttpRequest();
request.open("GET", "../json", false);
request.send();
postMessage(`worker.js of a page: ${JSON.parse(request.responseText).nested.ok}`);
onmessage = (event) => postMessage(`answer ${event.data + 1}`);

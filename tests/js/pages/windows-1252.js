log("charset é");

UPDATE t SET added = added + 1;

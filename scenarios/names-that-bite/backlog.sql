UPDATE "sch;ema ""with"" 'all'"."ta.ble, {x} \n $1 %s" SET "co""l" = 'late';
UPDATE "SELECT"."TABLE" SET ü = 'late';
UPDATE public."a
new line" SET "b
c" = 'late';

CREATE ROLE a_shop_in_business_app;
CREATE ROLE a_shop_in_business_owner;
CREATE ROLE a_shop_in_business_reports;

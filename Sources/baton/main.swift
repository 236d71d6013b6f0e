import ArgumentParser
import CMySQL
import CNCurses
import Collections
import Logging

print(String(cString: mysql_get_client_info()))
